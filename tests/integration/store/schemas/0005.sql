CREATE TABLE alembic_version ( version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num) );

CREATE TABLE api_tokens ( id VARCHAR(36) NOT NULL, user_name VARCHAR(128) NOT NULL, digest VARCHAR(64) NOT NULL, label VARCHAR(255) NOT NULL, created_ms BIGINT NOT NULL, expires_ms BIGINT, revoked_ms BIGINT, used_ms BIGINT, CONSTRAINT pk_api_tokens PRIMARY KEY (id), CONSTRAINT fk_api_tokens_user_name FOREIGN KEY(user_name) REFERENCES users (name) ON DELETE CASCADE, CONSTRAINT uq_api_tokens_digest UNIQUE (digest) );

CREATE TABLE artifact_files ( artifact_pk INTEGER NOT NULL, position INTEGER NOT NULL, path TEXT NOT NULL, hash TEXT NOT NULL, type VARCHAR(32) NOT NULL, size_bytes BIGINT, metadata TEXT NOT NULL, CONSTRAINT pk_artifact_files PRIMARY KEY (artifact_pk, position), CONSTRAINT fk_artifact_files_artifact_pk FOREIGN KEY(artifact_pk) REFERENCES artifacts (pk) ON DELETE CASCADE );

CREATE TABLE artifacts ( pk INTEGER NOT NULL, project_id VARCHAR(36) NOT NULL, hash VARCHAR(128) NOT NULL, size_bytes BIGINT, is_complete BOOLEAN NOT NULL, CONSTRAINT pk_artifacts PRIMARY KEY (pk), CONSTRAINT fk_artifacts_project_id FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE, CONSTRAINT uq_artifacts_project_id_hash UNIQUE (project_id, hash) );

CREATE TABLE attribute_names ( project_id VARCHAR(36) NOT NULL, container_type VARCHAR(16) NOT NULL, path VARCHAR(1024) NOT NULL, type VARCHAR(32) NOT NULL, CONSTRAINT pk_attribute_names PRIMARY KEY (project_id, container_type, path, type), CONSTRAINT fk_attribute_names_project_id FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE ) WITHOUT ROWID;

CREATE TABLE attributes ( pk INTEGER NOT NULL, container_pk INTEGER NOT NULL, path VARCHAR(1024) NOT NULL, type VARCHAR(32) NOT NULL, float_value DOUBLE, int_value BIGINT, string_value TEXT, extension VARCHAR(255), last_step DOUBLE, point_count BIGINT DEFAULT '0' NOT NULL, axis_minimum DOUBLE, axis_maximum DOUBLE, axis_unit VARCHAR(255), minimum DOUBLE, maximum DOUBLE, mean DOUBLE, squares DOUBLE, CONSTRAINT pk_attributes PRIMARY KEY (pk), CONSTRAINT fk_attributes_container_pk FOREIGN KEY(container_pk) REFERENCES containers (pk) ON DELETE CASCADE, CONSTRAINT uq_attributes_container_pk_path UNIQUE (container_pk, path) );

CREATE TABLE containers ( pk INTEGER NOT NULL, id VARCHAR(36) NOT NULL, type VARCHAR(16) NOT NULL, sys_id VARCHAR(160) NOT NULL, project_id VARCHAR(36) NOT NULL, owner VARCHAR(128) NOT NULL, trashed BOOLEAN NOT NULL, custom_run_id VARCHAR(255), created_ms BIGINT NOT NULL, pinged_ms BIGINT NOT NULL, modified_ms BIGINT NOT NULL, running_ms BIGINT NOT NULL, CONSTRAINT pk_containers PRIMARY KEY (pk), CONSTRAINT fk_containers_project_id FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE, CONSTRAINT uq_containers_id UNIQUE (id), CONSTRAINT uq_containers_project_id_custom_run_id UNIQUE (project_id, custom_run_id), CONSTRAINT uq_containers_project_id_sys_id UNIQUE (project_id, sys_id) );

CREATE TABLE file_entries ( attribute_pk INTEGER NOT NULL, sub_path VARCHAR(1024) NOT NULL, extension VARCHAR(255) NOT NULL, sha256 VARCHAR(64) NOT NULL, size_bytes BIGINT NOT NULL, modified_ms BIGINT NOT NULL, CONSTRAINT pk_file_entries PRIMARY KEY (attribute_pk, sub_path), CONSTRAINT fk_file_entries_attribute_pk FOREIGN KEY(attribute_pk) REFERENCES attributes (pk) ON DELETE CASCADE );

CREATE TABLE float_chunks ( attribute_pk INTEGER NOT NULL, first_step DOUBLE NOT NULL, last_step DOUBLE NOT NULL, first_position BIGINT NOT NULL, point_count INTEGER NOT NULL, points BLOB NOT NULL, CONSTRAINT pk_float_chunks PRIMARY KEY (attribute_pk, first_step), CONSTRAINT fk_float_chunks_attribute_pk FOREIGN KEY(attribute_pk) REFERENCES attributes (pk) ON DELETE CASCADE );

CREATE TABLE float_outlines ( attribute_pk INTEGER NOT NULL, first_step DOUBLE NOT NULL, last_step DOUBLE NOT NULL, point_count INTEGER NOT NULL, points BLOB NOT NULL, CONSTRAINT pk_float_outlines PRIMARY KEY (attribute_pk, first_step), CONSTRAINT fk_float_outlines_attribute_pk FOREIGN KEY(attribute_pk) REFERENCES attributes (pk) ON DELETE CASCADE ) WITHOUT ROWID;

CREATE TABLE float_points ( attribute_pk INTEGER NOT NULL, step DOUBLE NOT NULL, timestamp_ms BIGINT NOT NULL, value DOUBLE NOT NULL, CONSTRAINT pk_float_points PRIMARY KEY (attribute_pk, step), CONSTRAINT fk_float_points_attribute_pk FOREIGN KEY(attribute_pk) REFERENCES attributes (pk) ON DELETE CASCADE ) WITHOUT ROWID;

CREATE TABLE holds ( name VARCHAR(64) NOT NULL, expires_ms BIGINT NOT NULL, CONSTRAINT pk_holds PRIMARY KEY (name) );

CREATE TABLE image_points ( attribute_pk INTEGER NOT NULL, step DOUBLE NOT NULL, timestamp_ms BIGINT NOT NULL, sha256 VARCHAR(64) NOT NULL, size_bytes BIGINT NOT NULL, media_type VARCHAR(64) NOT NULL, name TEXT, description TEXT, CONSTRAINT pk_image_points PRIMARY KEY (attribute_pk, step), CONSTRAINT fk_image_points_attribute_pk FOREIGN KEY(attribute_pk) REFERENCES attributes (pk) ON DELETE CASCADE ) WITHOUT ROWID;

CREATE TABLE invitations ( workspace VARCHAR(128) NOT NULL, invitee VARCHAR(255) NOT NULL, role VARCHAR(16) NOT NULL, add_to_all_projects BOOLEAN NOT NULL, created_ms BIGINT NOT NULL, CONSTRAINT pk_invitations PRIMARY KEY (workspace, invitee), CONSTRAINT fk_invitations_workspace FOREIGN KEY(workspace) REFERENCES workspaces (name) ON DELETE CASCADE );

CREATE INDEX ix_api_tokens_user_name ON api_tokens (user_name);

CREATE INDEX ix_containers_project_id_type_created_ms ON containers (project_id, type, created_ms);

CREATE INDEX ix_file_entries_sha256 ON file_entries (sha256);

CREATE INDEX ix_image_points_sha256 ON image_points (sha256);

CREATE INDEX ix_model_versions_model_pk ON model_versions (model_pk);

CREATE INDEX ix_project_members_user_name ON project_members (user_name);

CREATE INDEX ix_released_blobs_sha256 ON released_blobs (sha256);

CREATE INDEX ix_signals_container_pk ON signals (container_pk);

CREATE INDEX ix_uploads_created_ms ON uploads (created_ms);

CREATE INDEX ix_used_keys_expires_ms ON used_keys (expires_ms);

CREATE INDEX ix_workspace_members_user_name ON workspace_members (user_name);

CREATE TABLE model_versions ( container_pk INTEGER NOT NULL, model_pk INTEGER NOT NULL, CONSTRAINT pk_model_versions PRIMARY KEY (container_pk), CONSTRAINT fk_model_versions_container_pk FOREIGN KEY(container_pk) REFERENCES containers (pk) ON DELETE CASCADE, CONSTRAINT fk_model_versions_model_pk FOREIGN KEY(model_pk) REFERENCES models (container_pk) ON DELETE CASCADE );

CREATE TABLE models ( container_pk INTEGER NOT NULL, version_count INTEGER NOT NULL, CONSTRAINT pk_models PRIMARY KEY (container_pk), CONSTRAINT fk_models_container_pk FOREIGN KEY(container_pk) REFERENCES containers (pk) ON DELETE CASCADE );

CREATE TABLE project_members ( project_id VARCHAR(36) NOT NULL, user_name VARCHAR(128) NOT NULL, role VARCHAR(16) NOT NULL, CONSTRAINT pk_project_members PRIMARY KEY (project_id, user_name), CONSTRAINT fk_project_members_project_id FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE, CONSTRAINT fk_project_members_user_name FOREIGN KEY(user_name) REFERENCES users (name) ON DELETE CASCADE );

CREATE TABLE projects ( id VARCHAR(36) NOT NULL, workspace VARCHAR(128) NOT NULL, name VARCHAR(128) NOT NULL, "key" VARCHAR(128) NOT NULL, visibility VARCHAR(16) NOT NULL, created_ms BIGINT NOT NULL, run_count INTEGER DEFAULT '0' NOT NULL, description TEXT, CONSTRAINT pk_projects PRIMARY KEY (id), CONSTRAINT uq_projects_workspace_key UNIQUE (workspace, "key"), CONSTRAINT uq_projects_workspace_name UNIQUE (workspace, name) );

CREATE TABLE released_blobs ( pk INTEGER NOT NULL, sha256 VARCHAR(64) NOT NULL, CONSTRAINT pk_released_blobs PRIMARY KEY (pk) );

CREATE TABLE replays ( pk INTEGER NOT NULL, container_pk INTEGER NOT NULL, digest VARCHAR(64) NOT NULL, errors TEXT NOT NULL, created_ms BIGINT NOT NULL, CONSTRAINT pk_replays PRIMARY KEY (pk), CONSTRAINT fk_replays_container_pk FOREIGN KEY(container_pk) REFERENCES containers (pk) ON DELETE CASCADE, CONSTRAINT uq_replays_container_pk_digest UNIQUE (container_pk, digest) );

CREATE TABLE saved_views ( id VARCHAR(36) NOT NULL, project_id VARCHAR(36) NOT NULL, kind VARCHAR(16) NOT NULL, name VARCHAR(128) NOT NULL, owner VARCHAR(128) NOT NULL, content TEXT NOT NULL, created_ms BIGINT NOT NULL, modified_ms BIGINT NOT NULL, CONSTRAINT pk_saved_views PRIMARY KEY (id), CONSTRAINT fk_saved_views_project_id FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE, CONSTRAINT uq_saved_views_project_id_kind_name UNIQUE (project_id, kind, name) );

CREATE TABLE server_keys ( name VARCHAR(64) NOT NULL, value TEXT NOT NULL, created_ms BIGINT NOT NULL, CONSTRAINT pk_server_keys PRIMARY KEY (name) );

CREATE TABLE set_strings ( attribute_pk INTEGER NOT NULL, value VARCHAR(16384) NOT NULL, CONSTRAINT pk_set_strings PRIMARY KEY (attribute_pk, value), CONSTRAINT fk_set_strings_attribute_pk FOREIGN KEY(attribute_pk) REFERENCES attributes (pk) ON DELETE CASCADE ) WITHOUT ROWID;

CREATE TABLE signals ( pk INTEGER NOT NULL, container_pk INTEGER NOT NULL, kind VARCHAR(16) NOT NULL, seconds INTEGER, created_ms BIGINT NOT NULL, delivered_ms BIGINT, CONSTRAINT pk_signals PRIMARY KEY (pk), CONSTRAINT fk_signals_container_pk FOREIGN KEY(container_pk) REFERENCES containers (pk) ON DELETE CASCADE );

CREATE TABLE string_points ( attribute_pk INTEGER NOT NULL, step DOUBLE NOT NULL, timestamp_ms BIGINT NOT NULL, value TEXT NOT NULL, CONSTRAINT pk_string_points PRIMARY KEY (attribute_pk, step), CONSTRAINT fk_string_points_attribute_pk FOREIGN KEY(attribute_pk) REFERENCES attributes (pk) ON DELETE CASCADE ) WITHOUT ROWID;

CREATE TABLE upload_parts ( upload_id VARCHAR(36) NOT NULL, part_index INTEGER NOT NULL, size_bytes BIGINT NOT NULL, CONSTRAINT pk_upload_parts PRIMARY KEY (upload_id, part_index), CONSTRAINT fk_upload_parts_upload_id FOREIGN KEY(upload_id) REFERENCES uploads (id) ON DELETE CASCADE );

CREATE TABLE uploads ( id VARCHAR(36) NOT NULL, container_pk INTEGER NOT NULL, path VARCHAR(1024) NOT NULL, type VARCHAR(32) NOT NULL, extension VARCHAR(255) NOT NULL, sub_path VARCHAR(1024) NOT NULL, total_bytes BIGINT NOT NULL, finished BOOLEAN NOT NULL, created_ms BIGINT NOT NULL, CONSTRAINT pk_uploads PRIMARY KEY (id), CONSTRAINT fk_uploads_container_pk FOREIGN KEY(container_pk) REFERENCES containers (pk) ON DELETE CASCADE );

CREATE TABLE used_keys ( digest VARCHAR(64) NOT NULL, expires_ms BIGINT NOT NULL, CONSTRAINT pk_used_keys PRIMARY KEY (digest) );

CREATE TABLE users ( name VARCHAR(128) NOT NULL, id VARCHAR(36) NOT NULL, password_hash TEXT, is_admin BOOLEAN NOT NULL, is_service_account BOOLEAN NOT NULL, is_active BOOLEAN NOT NULL, created_ms BIGINT NOT NULL, CONSTRAINT pk_users PRIMARY KEY (name), CONSTRAINT uq_users_id UNIQUE (id) );

CREATE TABLE workspace_members ( workspace VARCHAR(128) NOT NULL, user_name VARCHAR(128) NOT NULL, role VARCHAR(16) NOT NULL, CONSTRAINT pk_workspace_members PRIMARY KEY (workspace, user_name), CONSTRAINT fk_workspace_members_user_name FOREIGN KEY(user_name) REFERENCES users (name) ON DELETE CASCADE, CONSTRAINT fk_workspace_members_workspace FOREIGN KEY(workspace) REFERENCES workspaces (name) ON DELETE CASCADE );

CREATE TABLE workspaces ( name VARCHAR(128) NOT NULL, created_ms BIGINT NOT NULL, CONSTRAINT pk_workspaces PRIMARY KEY (name) );
